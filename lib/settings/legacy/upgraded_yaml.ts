/** The text of an upgraded configuration, with the comments of the old one. */
import { isDeepStrictEqual } from "node:util";
import {
  Document,
  isCollection,
  isScalar,
  type Node,
  Pair,
  parseDocument,
  Scalar,
  type Tags,
  YAMLMap,
  YAMLSeq,
} from "yaml";
import { isPlainMap, type SettingPath, valueAt } from "../plain_maps.ts";
import {
  type ConfigurationFile,
  type Origin,
  placeOf,
} from "./configuration_file.ts";
import type { Draft } from "./draft.ts";
import { type LineComments, SourceComments } from "./source_comments.ts";

/**
 * Writes a draft as YAML 1.1 that every reader reads alike: numbers need no
 * rules of their own, and aliases are written out. Comments follow what they
 * stood above or beside; those at the ends of `files[0]` stay there.
 */
export function upgradedYaml(
  files: readonly ConfigurationFile[],
  draft: Draft,
): string {
  return new DraftWriter(files, draft).write();
}

/** The comments and the styles of an old file. */
interface Source {
  readonly comments: SourceComments;
  readonly document: Document;
}

class DraftWriter {
  readonly #sources: ReadonlyMap<ConfigurationFile, Source>;
  #companionHead: string | undefined;

  constructor(
    private readonly files: readonly ConfigurationFile[],
    private readonly draft: Draft,
  ) {
    this.#sources = new Map(files.map((file) => [file, {
      comments: new SourceComments(file.text),
      document: parseDocument(file.text, {
        version: "1.1",
        uniqueKeys: false,
        logLevel: "silent",
      }),
    }]));
  }

  write(): string {
    const document = new Document(null, {
      version: "1.1",
      customTags: withPlainNumbers,
    });
    const [main, ...companions] = this.files.map((file) =>
      this.#sources.get(file)?.comments
    );
    const foot = main?.foot();
    const head = main?.head();
    this.#companionHead = joinLines(
      companions.map((comments) => comments?.beginning()),
    );
    document.contents = this.#node([], this.draft.value);
    // The first key may have gone, but not what was written above it.
    const heads = joinLines([head, main?.beginning()]);
    if (heads !== undefined) document.commentBefore = heads;
    if (foot !== undefined) document.comment = foot;
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }

  #node(path: SettingPath, value: unknown): Node {
    const [origin] = this.draft.originsOf(path);
    const old = origin && this.#oldNode(origin, value);
    if (isPlainMap(value)) {
      const map = new YAMLMap();
      for (const [key, inner] of Object.entries(value)) {
        const pair = this.#pair([...path, key], key, inner);
        if (map.items.length === 0) pair.key.spaceBefore = false;
        map.items.push(pair);
      }
      if (isCollection(old) && old.flow) map.flow = true;
      return map;
    }
    if (Array.isArray(value)) {
      const list = new YAMLSeq();
      for (const [i, item] of value.entries()) {
        list.items.push(this.#item([...path, i], item));
      }
      list.flow = isCollection(old)
        ? old.flow === true
        : value.every((item) => !isPlainMap(item));
      return list;
    }
    const scalar = new Scalar(value);
    if (isScalar(old)) {
      const isJson = /\.json$/i.test(origin.file.name);
      if (typeof value === "string" && old.type && !isJson) {
        scalar.type = old.type;
      }
      if (typeof value === "number" && old.source) scalar.source = old.source;
    }
    return scalar;
  }

  #pair(
    path: SettingPath,
    name: string,
    value: unknown,
  ): Pair<Scalar, Node> {
    const { above, beside, spaced } = this.#comments(path);
    const key = new Scalar(name);
    const node = this.#node(path, value);
    if (spaced && this.#keepsBlankLine(path)) key.spaceBefore = true;
    const isParameters = path.length === 1 && name === "environment_parameters";
    const isBlock = isCollection(node) && !node.flow;
    const before = joinLines([
      isParameters ? this.#companionHead : undefined,
      above,
      isBlock ? beside : undefined,
    ]);
    if (before !== undefined) key.commentBefore = before;
    if (!isBlock && beside !== undefined) node.comment = beside;
    return new Pair(key, node);
  }

  #item(path: SettingPath, value: unknown): Node {
    const comments = this.#comments(path);
    const node = this.#node(path, value);
    if (comments.above !== undefined) node.commentBefore = comments.above;
    if (comments.beside !== undefined && isScalar(node)) {
      node.comment = comments.beside;
    }
    return node;
  }

  /** The comments of all that a setting was made of, if not used before. */
  #comments(path: SettingPath): LineComments {
    const found = this.draft.originsOf(path).flatMap((origin) => {
      const { line } = placeOf(origin, true);
      const { file } = origin;
      const isThere = valueAt(file.yaml.value, origin.path) !== undefined;
      const comments = this.#sources.get(file)?.comments;
      return comments && line && isThere ? [comments.take(line)] : [];
    });
    const above = joinLines(found.map((each) => each.above));
    const beside = joinLines(found.map((each) => each.beside));
    return {
      ...above === undefined ? {} : { above },
      ...beside === undefined ? {} : { beside },
      spaced: found.some(({ spaced }) => spaced),
    };
  }

  /** Blank lines part behaviors, and settings that did not move. */
  #keepsBlankLine(path: SettingPath): boolean {
    return path.length === 1 ||
      path.length === 2 && path[0] !== "default_settings" ||
      this.draft.originsOf(path).some((origin) =>
        isDeepStrictEqual(origin.path, path)
      );
  }

  /** The node of an unchanged value, for its style. */
  #oldNode({ file, path }: Origin, value: unknown): unknown {
    if (!isDeepStrictEqual(valueAt(file.yaml.value, path), value)) return;
    return this.#sources.get(file)?.document.getIn(path, true);
  }
}

/** Comments beneath each other; undefined if there are none. */
function joinLines(texts: readonly (string | undefined)[]): string | undefined {
  const lines = texts.filter((text) => text !== undefined);
  return lines.length > 0 ? lines.join("\n") : undefined;
}

/** Numbers without an exponent, or with one that no reader takes for a text. */
function withPlainNumbers(tags: Tags): Tags {
  return tags.map((tag) =>
    typeof tag !== "string" && !tag.collection && /:(int|float)$/.test(tag.tag)
      ? { ...tag, stringify: numberText }
      : tag
  );
}

function numberText(item: { value?: unknown; source?: string }): string {
  const { source } = item;
  const value = Number(item.value);
  if (source && Number(source) === value && plainNumber.test(source)) {
    return source;
  }
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const text = String(value);
  return /e/.test(text) && !text.includes(".")
    ? text.replace("e", ".0e")
    : text;
}

const plainNumber = /^-?(0|[1-9]\d*)(\.\d*)?$|^-?\d+\.\d*[eE]-\d+$/;
