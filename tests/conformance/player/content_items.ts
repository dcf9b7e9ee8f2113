/** Masks, observations and specs: items 17 to 19. */
import assert from "node:assert/strict";
import { decode } from "fast-png";
import { splitPngs } from "../../env/player/split_pngs.ts";
import type { SeenInfo, SeenObservation } from "../../env/player/read_infos.ts";
import { isOld, type Item, putsChannelsLast } from "./item.ts";
import type { Action } from "./replies.ts";
import { specFields } from "./spec_fields.ts";
import { PlayerSession } from "./session.ts";

const height = 20;

/** The pictures of one observation. */
function pictures({ pngs }: SeenObservation) {
  return splitPngs(pngs ?? new Uint8Array()).map((file) => decode(file));
}

/** An image's sizes as players of the version announce them. */
function sizes(packageVersion: string, channels: number, width: number) {
  return putsChannelsLast(packageVersion)
    ? [height, width, channels]
    : [channels, height, width];
}

const cueOf = ({ observations: [cues] }: SeenInfo) =>
  cues.values?.indexOf(1) ?? -1;

export const contentItems: readonly Item[] = [
  {
    number: 17,
    name: "masks: none until first used, whole from then on, stale at ends",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Masks", {
        packageVersion,
      });
      const name = "Masks?team=0";
      let told = await session.begin();
      let lateMask = 0;
      const latest = new Map<number, readonly number[]>();
      let ends = 0;
      for (let call = 0; call < 40; call++) {
        const actions: Action[] = [];
        for (const info of told.infos[name]) {
          const { id, mask, done } = info;
          if (done) {
            assert.deepEqual(mask, latest.get(id));
            ends++;
            continue;
          }
          latest.set(id, mask);
          const cue = cueOf(info);
          const forbidden = [0, 1, 2, 3].map((action) =>
            Number(action === (cue + 1) % 4)
          );
          if (id === 0) assert.deepEqual(mask, []);
          else if (id === 1) assert.deepEqual(mask, forbidden);
          else if (call >= 15 && cue % 2 === 0) {
            assert.deepEqual(mask, forbidden);
            lateMask++;
          } else {
            assert.deepEqual(mask, lateMask > 0 ? [0, 0, 0, 0] : []);
          }
          actions.push({ discrete: [cue] });
        }
        told = await session.step({ [name]: actions });
      }
      assert(lateMask > 3 && ends > 8);
    },
  },
  {
    number: 18,
    name: "vectors: stacked, empty, with a goal; entities in any number",
    test: async (packageVersion) => {
      const old = isOld(packageVersion);
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
      });
      const [{ observations }] = (await session.begin())
        .infos["Vectors?team=0"];
      assert.deepEqual(
        observations.map(({ name, shape, properties, type }) =>
          `${name}|${shape}|${properties}|${type}`
        ),
        old ? ["|6||0", "|0||0", "|1||0", "|2||0"] : [
          "StackingSensor_size3_VectorSensor_size2|6|1|0",
          "VectorSensor_size0|0|1|0",
          "VectorSensor_size1|1|1|0",
          "VectorSensor_size2_GoalSignal|2|1|1",
        ],
      );
      const [stack] = observations;
      assert.deepEqual(stack.values?.slice(0, 4), [0, 0, 0, 0]);
      assert(stack.values?.at(4) !== 0);

      await using other = await PlayerSession.start("scene:Entities", {
        packageVersion,
      });
      if (old) {
        await assert.rejects(other.begin(), /observations of variable length/);
        return;
      }
      const [info] = (await other.begin()).infos["Entities?team=0"];
      const [buffer, count] = info.observations;
      assert.deepEqual([buffer.shape, buffer.properties], [[6, 3], [4, 1]]);
      const rows = Math.min(6, Math.round(6 * (count.values?.[0] ?? 0)));
      assert.deepEqual(
        buffer.values?.filter((_, i) => i % 3 === 2),
        [1, -1, -1, -1, -1, -1].map((mark, row) => row < rows ? mark : 0),
      );
    },
  },
  {
    number: 18,
    name: "cameras: PNGs in color and grey, a stack, floats in their layout",
    test: async (packageVersion) => {
      const old = isOld(packageVersion);
      await using session = await PlayerSession.start("scene:Visual", {
        packageVersion,
      });
      await session.begin();
      const [{ observations }] = (await session.step()).infos["Visual?team=0"];
      const [color, grey, raw, stack] = observations;
      const width = 30;
      const properties = putsChannelsLast(packageVersion)
        ? [2, 2, 1]
        : [1, 2, 2];
      for (const observation of observations) {
        assert.deepEqual(observation.properties, old ? [] : properties);
      }
      assert.deepEqual(color.shape, sizes(packageVersion, 3, width));
      assert.deepEqual(grey.shape, sizes(packageVersion, 1, width));
      assert.deepEqual(raw.shape, sizes(packageVersion, 3, width));
      assert.deepEqual(stack.shape, sizes(packageVersion, 2, width));
      const [picture, ...rest] = pictures(color);
      assert.deepEqual([picture.width, picture.channels, rest], [width, 3, []]);
      // The lit third: its channels differ, and the top row is darker.
      const lit = picture.data.findIndex((value) => value > 0);
      assert.deepEqual([...picture.data.slice(lit, lit + 3)], [127, 63, 42]);
      const below = lit + 3 * width;
      assert.deepEqual(
        [...picture.data.slice(below, below + 3)],
        [255, 127, 85],
      );
      // Built-in sensors write three channels for one.
      assert.deepEqual([...pictures(grey)[0].data], [...picture.data]);
      // Height, width, channels: true for all packages up to 4.0.0.
      assert.deepEqual(
        raw.values,
        Array.from(picture.data, (value) => Math.fround(value / 255)),
      );
      if (old) {
        assert.equal(stack.values?.length, 2 * height * width);
        assert.equal(stack.pngs, null);
      } else {
        assert.deepEqual(stack.mapping, [0, 0, 0, 1, 1, 1]);
        assert.equal(pictures(stack).length, 2);
      }
    },
  },
  {
    number: 18,
    name: "grids: several PNGs, surplus channels, a first stack that is short",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Grids", {
        packageVersion,
      });
      const name = "Grids?team=0";
      const [{ observations: [grid, layers, stack] }] =
        (await session.begin()).infos[name];
      assert.deepEqual(grid.shape, sizes(packageVersion, 4, 24));
      assert.deepEqual(stack.shape, sizes(packageVersion, 8, 24));
      const floats = [grid, layers, stack];
      if (isOld(packageVersion)) {
        for (const { values, pngs } of floats) {
          assert.equal(pngs, null);
          assert(values && values.length % (4 * height * 24) === 0);
        }
        return;
      }
      const files = pictures(grid);
      assert.deepEqual(files.map(({ channels }) => channels), [3, 3]);
      const [first, second] = files.map(({ data }) => [...data.slice(3, 6)]);
      // The last file has one channel of its own, the others are left over.
      assert.deepEqual(second.slice(1), first.slice(1));
      assert.equal([...first, second[0]].filter((each) => each > 0).length, 1);
      assert.deepEqual(pictures(layers).map(({ channels }) => channels), [4]);
      const mapping = [0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1];
      assert.deepEqual([grid.mapping, stack.mapping], [[], mapping]);
      assert.equal(pictures(stack).length, 3);
      const [later] = (await session.step()).infos[name];
      assert.equal(pictures(later.observations[2]).length, 4);

      await using plain = await PlayerSession.start("scene:Grids", {
        packageVersion,
      });
      const [info] = (await plain.begin({ capabilities: ["base"] }))
        .infos[name];
      for (const { pngs } of info.observations) assert.equal(pngs, null);
    },
  },
  {
    number: 19,
    name: "specs: each kind of actions, legacy fields, two teams",
    test: async (packageVersion) => {
      const old = isOld(packageVersion);
      const described = async (scene: string) => {
        await using session = await PlayerSession.start(scene, {
          packageVersion,
        });
        return await session.begin();
      };
      const [vectors, masks, teams] = await Promise.all(
        ["Vectors", "Masks", "Teams"].map((name) => described(`scene:${name}`)),
      );
      assert.deepEqual(vectors.described[0].actionSpec, {
        continuousSize: 2,
        discreteBranches: [],
      });
      assert.deepEqual(masks.described[0].actionSpec, {
        continuousSize: 0,
        discreteBranches: [4],
      });
      assert.deepEqual(
        teams.described.map(({ name }) => name),
        ["Teams?team=0", "Teams?team=1"],
      );
      // 3 and 6 are the legacy fields, 9 is today's.
      assert.deepEqual(specFields(vectors.bytes), [
        old ? [3, 6, 7, 8] : [7, 8, 9],
      ]);
      const hybrid = described("scene:Hybrid");
      if (old) return await assert.rejects(hybrid, /needs hybrid actions/);
      assert.deepEqual((await hybrid).described[0].actionSpec, {
        continuousSize: 1,
        discreteBranches: [3, 2],
      });
    },
  },
  {
    number: 19,
    name: "actions are read where players of the age read them",
    test: async (packageVersion) => {
      const name = "Masks?team=0";
      await using session = await PlayerSession.start("scene:Masks", {
        packageVersion,
      });
      const told = await session.begin();
      const actions = told.infos[name].map((info) => {
        const right = [cueOf(info)];
        const wrong = [(cueOf(info) + 2) % 4];
        return isOld(packageVersion)
          ? { legacy: right, discrete: wrong }
          : { legacy: wrong, discrete: right };
      });
      const next = await session.step({ [name]: actions });
      assert.deepEqual(next.infos[name].map(({ reward }) => reward), [1, 1, 1]);
    },
  },
];
