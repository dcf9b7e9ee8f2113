/** Episodes, ids and groups: items 13 to 16. */
import assert from "node:assert/strict";
import type { SeenInfo } from "../../env/player/read_infos.ts";
import { isOld, type Item } from "./item.ts";
import { type Action, stepReply } from "./replies.ts";
import { decisions, PlayerSession, type Told } from "./session.ts";

/** An info in short: id, then `d` for a decision, `e` or `i` for an end. */
function shortly({ id, done, interrupted }: SeenInfo): string {
  return `${id}${done ? interrupted ? "i" : "e" : "d"}`;
}

/** The cue that an agent of most scenes is to answer with. */
function cueOf({ observations: [cues] }: SeenInfo): number {
  return cues.values?.indexOf(1) ?? -1;
}

async function listen(
  session: PlayerSession,
  behavior: string,
  calls: number,
): Promise<SeenInfo[][]> {
  const messages: SeenInfo[][] = [];
  let told = await session.begin();
  for (let call = 0; call < calls; call++) {
    messages.push([...told.infos[behavior]]);
    told = await session.step();
  }
  return messages;
}

const right = (info: SeenInfo): Action => ({ discrete: [cueOf(info)] });
const wrong = (info: SeenInfo): Action => ({
  discrete: [(cueOf(info) + 1) % 3],
});

export const episodeItems: readonly Item[] = [
  {
    number: 13,
    name: "ids count from 0 and stay, until an agent leaves",
    test: async (packageVersion) => {
      await using crowd = await PlayerSession.start("scene:Crowd", {
        packageVersion,
      });
      const messages = await listen(crowd, "Resident?team=0", 55);
      const at = (step: number) => messages[step].map(shortly).join(" ");
      assert.equal(at(0), "0d 1d");
      // The short-lived behavior has taken id 2.
      assert.equal(at(10), "0d 1d 3d");
      assert.equal(at(15), "0e 1d 3d");
      assert.equal(at(16), "1d 3d");
      assert.equal(at(20), "1d 3d 4d");
      // Fifty steps over, with the same id behind it.
      assert.equal(at(50), "1i 1d 3d 4d");

      await using other = await PlayerSession.start("scene:Crowd", {
        packageVersion,
        switches: ["--ids", "episode"],
      });
      const changing = await listen(other, "Resident?team=0", 55);
      const [end, next] = changing[50];
      assert.equal(shortly(end), "1i");
      assert(next.id > 4);
    },
  },
  {
    number: 14,
    name: "odd ends: twice, behind a decision, before one, rewards left over",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Endings", {
        packageVersion,
      });
      const messages = await listen(session, "Endings?team=0", 8);
      const lines = messages.map((infos) => infos.map(shortly).join(" "));
      assert.deepEqual(lines, [
        // Agent 0 ends before it has decided, 3 right behind its decision.
        "0e 1d 2d 3d 3e 4d",
        "0d",
        "1d 2d 3d 4d",
        "0d",
        "1d 2d 3d 4d",
        "0d",
        // Agent 2 has ended twice.
        "1e 2e",
        "1d 2d 3d 4d",
      ]);
      // What it got for its second end is left over.
      const [, second] = messages[7];
      assert(second.reward >= 100);
    },
  },
  {
    number: 15,
    name: "RESET: no ends, the same ids, one more step without actions",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Vectors", {
        packageVersion,
      });
      const name = "Vectors?team=0";
      await session.begin();
      await session.step();
      const before = await session.step();
      const ids = before.infos[name].map(shortly);
      const actions = {
        [name]: before.infos[name].map(() => ({ continuous: [1, 1] })),
      };
      const after = await session.ask(stepReply({ command: 1, actions }));
      assert.deepEqual(after.infos[name].map(shortly), ids);
      assert.equal(session.events("reset").length, 1);
      const [agent] = after.infos[name];
      assert.equal(agent.observations[2].values?.[0], Math.fround(0.01));
      const wanted = before.infos[name][0].observations[0].values ?? [];
      const distance = wanted.slice(-2)
        .reduce((sum, value) => sum + Math.abs(value), 0);
      assert(Math.abs(agent.reward - (0.2 - 0.1 * distance)) < 1e-5);
      // Between its decisions when the reset came: some reward is left over.
      const [late, ...others] = (await session.step()).infos[name];
      assert.deepEqual([shortly(late), others], ["1d", []]);
      const [x, y] = (late.observations[0].values ?? []).slice(-2);
      const ofTwoSteps = 2 * (0.2 - 0.1 * (Math.abs(x) + Math.abs(y)));
      assert(Math.abs(late.reward - ofTwoSteps) > 1e-5);
    },
  },
  {
    number: 16,
    name: "groups: own rewards, early deaths, ends together, interruptions",
    test: async (packageVersion) => {
      await using session = await PlayerSession.start("scene:Groups", {
        packageVersion,
      });
      const name = "Groups?team=0";
      const hidden = isOld(packageVersion);
      let told: Told = await session.begin();
      const first = told.infos[name];
      assert.deepEqual(
        first.map(shortly),
        [0, 1, 2, 3, 4, 5].map((id) => `${id}d`),
      );
      assert.deepEqual(
        first.map(({ groupId }) => groupId),
        hidden ? new Array(6).fill(0) : [1, 1, 1, 2, 2, 2],
      );
      const ends: string[] = [];
      const groupRewards: number[] = [];
      for (let step = 0; step < 20; step++) {
        // All of the first group and one of the second do what is right.
        const actions = decisions(told.infos[name]).map((info) =>
          info.id <= 3 ? right(info) : wrong(info)
        );
        told = await session.step({ [name]: actions });
        for (const info of told.infos[name]) {
          if (info.done) {
            ends.push(`${step} ${shortly(info)} ${info.groupId}`);
          } else if (info.id === 3) groupRewards.push(info.groupReward);
        }
      }
      const group = (id: number) => hidden ? 0 : id;
      const together = [0, 1, 2].map((id) => `${id}e ${group(1)}`);
      assert.deepEqual(ends, [
        // Five mistakes each.
        `4 4e ${group(2)}`,
        `4 5e ${group(2)}`,
        // 24 right choices of three.
        ...together.map((each) => `7 ${each}`),
        ...together.map((each) => `15 ${each}`),
        // Twenty steps.
        `19 3i ${group(2)}`,
      ]);
      // The living one's third of 1 in each step.
      for (const reward of groupRewards.slice(0, 18)) {
        assert(Math.abs(reward - (hidden ? 0 : 1 / 3)) < 1e-6);
      }
      // The dead are back with new ids, in the same group.
      const last = decisions(told.infos[name]);
      assert.deepEqual(last.map(({ id }) => id), [0, 1, 2, 3, 6, 7]);
      assert.equal(last[4].groupId, group(2));
    },
  },
];
