/**
 * PNG's filters undone: each byte was stored as the difference to a guess
 * from its neighbors. Facts: PNG specification (third edition), chapter 9.
 */

const Filter = { none: 0, left: 1, up: 2, average: 3, paeth: 4 } as const;

/**
 * Restores the samples of `height` rows in place. Each row's first byte names
 * its filter; `pixelSize` is the distance in bytes to the pixel on the left.
 * Returns false if there is no such filter.
 */
export function undoFilters(
  rows: Uint8Array,
  height: number,
  rowSize: number,
  pixelSize: number,
): boolean {
  for (let y = 0; y < height; y++) {
    const filter = rows[y * rowSize];
    const start = y * rowSize + 1;
    const end = start + rowSize - 1;
    const second = start + pixelSize;
    if (filter === Filter.none) continue;
    // Above the first row there are zeros.
    if (filter === Filter.up && y > 0) addUp(rows, start, end, rowSize);
    else if (filter === Filter.paeth && y > 0) {
      addUp(rows, start, second, rowSize);
      addPaeth(rows, second, end, rowSize, pixelSize);
    } else if (filter === Filter.average) {
      const above = y > 0 ? rowSize : 0;
      addAverage(rows, start, end, above, pixelSize);
    } else if (filter === Filter.left || filter === Filter.paeth) {
      addLeft(rows, second, end, pixelSize);
    } else if (filter > Filter.paeth) return false;
  }
  return true;
}

function addLeft(
  rows: Uint8Array,
  start: number,
  end: number,
  pixelSize: number,
): void {
  for (let i = start; i < end; i++) rows[i] += rows[i - pixelSize];
}

function addUp(
  rows: Uint8Array,
  start: number,
  end: number,
  rowSize: number,
): void {
  for (let i = start; i < end; i++) rows[i] += rows[i - rowSize];
}

/** `above` is 0 in the first row. */
function addAverage(
  rows: Uint8Array,
  start: number,
  end: number,
  above: number,
  pixelSize: number,
): void {
  for (let i = start; i < end; i++) {
    const left = i - start < pixelSize ? 0 : rows[i - pixelSize];
    const up = above === 0 ? 0 : rows[i - above];
    rows[i] += (left + up) >> 1;
  }
}

/**
 * The guess is the neighbor nearest to `left + up - corner`. Without branches:
 * in noisy pictures they cost twice as much as the rest.
 */
function addPaeth(
  rows: Uint8Array,
  start: number,
  end: number,
  rowSize: number,
  pixelSize: number,
): void {
  for (let i = start; i < end; i++) {
    const left = rows[i - pixelSize];
    const up = rows[i - rowSize];
    const corner = rows[i - rowSize - pixelSize];
    const toLeft = magnitude(up - corner);
    const toUp = magnitude(left - corner);
    const toCorner = magnitude(up + left - 2 * corner);
    // All ones where the first two are no better than what follows.
    const notUp = (toCorner - toUp) >> 31;
    const notLeft = ((toUp - toLeft) | (toCorner - toLeft)) >> 31;
    const other = up ^ ((up ^ corner) & notUp);
    rows[i] += left ^ ((left ^ other) & notLeft);
  }
}

function magnitude(x: number): number {
  const sign = x >> 31;
  return (x ^ sign) - sign;
}
