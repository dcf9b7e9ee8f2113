/** Sums of gradients while they come in, one reader after the other. */
import { add, broadcast, concat, constant } from "./build.ts";
import { comparePositions, isNatural, subtractDims } from "./dims.ts";
import type { Dim, Node } from "./operation.ts";

/** The gradient of elements `start` to `end` along `axis`. */
interface Piece {
  readonly axis: number;
  readonly start: Dim;
  readonly end: Dim;
  readonly gradient: Node;
}

/** Gradients by the node that they belong to. */
export class GradientSums {
  readonly #wholes = new Map<Node, Node>();
  readonly #pieces = new Map<Node, Piece[]>();
  readonly #results = new Map<Node, (Node | undefined)[]>();

  /** Adds a gradient of the node's shape. */
  add(node: Node, gradient: Node): void {
    const known = this.#wholes.get(node);
    this.#wholes.set(node, known ? add(known, gradient) : gradient);
  }

  /** Adds the gradient of a slice of the node. */
  addPiece(node: Node, piece: Piece): void {
    const known = this.#pieces.get(node);
    if (known) known.push(piece);
    else this.#pieces.set(node, [piece]);
  }

  /** Adds the gradient of one result of a scan. */
  addResult(scan: Node, index: number, gradient: Node): void {
    const known = this.#results.get(scan) ?? [];
    const sum = known[index];
    known[index] = sum ? add(sum, gradient) : gradient;
    this.#results.set(scan, known);
  }

  /** Gradients of a scan's results; undefined where nothing came in. */
  ofResults(scan: Node): readonly (Node | undefined)[] {
    return this.#results.get(scan) ?? [];
  }

  /** The sum so far; undefined where nothing came in. */
  of(node: Node): Node | undefined {
    const pieces = this.#pieces.get(node) ?? [];
    this.#pieces.delete(node);
    for (const row of sideBySide(pieces)) this.add(node, join(row, node));
    return this.#wholes.get(node);
  }
}

/** Groups pieces of one axis that do not overlap, in order. */
function sideBySide(pieces: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = [];
  const ordered = [...pieces].sort((a, b) =>
    comparePositions(a.start, b.start)
  );
  for (const piece of ordered) {
    const row = rows.find((row) => {
      const last = row[row.length - 1];
      return last.axis === piece.axis &&
        isNatural(subtractDims(piece.start, last.end));
    });
    if (row) row.push(piece);
    else rows.push([piece]);
  }
  return rows;
}

/** Pieces in a row, with zeros where there is none, as one gradient. */
function join(row: readonly Piece[], node: Node): Node {
  const [{ axis }] = row;
  const parts: Node[] = [];
  let position: Dim = 0;
  const fill = (end: Dim): void => {
    if (end === position) return;
    const size = subtractDims(end, position);
    const shape = node.shape.map((dim, i) => i === axis ? size : dim);
    parts.push(broadcast(constant(0), shape));
  };
  for (const { start, end, gradient } of row) {
    fill(start);
    parts.push(gradient);
    position = end;
  }
  fill(node.shape[axis]);
  return concat(parts, axis);
}
