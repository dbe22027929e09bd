// @ts-check
// A zip as every system opens it: written with stored entries, read with stored and
// deflated ones. No more of the format than a theme needs. Pure.

const [LOCAL, ENTRY, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [STORED, DEFLATED] = [0, 8];
/** Version 1.0, no flags, stored, on 1 January 1980: the same files give the same bytes. */
const FACTS = [10, 0, 0, 0, 0, STORED, 0, 0, 0x21, 0];

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** @param {number} value */
const two = (value) => [value & 255, (value >>> 8) & 255];
/** @param {number} value */
const four = (value) => [...two(value), ...two(value >>> 16)];

/** @param {[name: string, body: Uint8Array][]} files names in ASCII */
export function zipped(files) {
  /** @type {Uint8Array[]} */
  const parts = [];
  /** @type {number[]} */
  const list = [];
  let at = 0;
  for (const [name, body] of files) {
    const label = [...new TextEncoder().encode(name)];
    const facts = [...FACTS, ...four(crc(body)), ...four(body.length), ...four(body.length),
      ...two(label.length), ...two(0)];
    const head = Uint8Array.from([...four(LOCAL), ...facts, ...label]);
    list.push(...four(ENTRY), ...two(10), ...facts, ...four(0), ...two(0), ...four(0), ...four(at), ...label);
    parts.push(head, body);
    at += head.length + body.length;
  }
  const end = [...four(END), ...four(0), ...two(files.length), ...two(files.length),
    ...four(list.length), ...four(at), ...two(0)];
  return new Blob([...parts, Uint8Array.from([...list, ...end])], { type: "application/zip" });
}

/** @param {Uint8Array} raw @param {number} size what must come of it; more is an error */
async function inflated(raw, size) {
  const out = new Uint8Array(size);
  const reader = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (let at = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return out;
    out.set(value, at);
    at += value.length;
  }
}

/**
 * The files of a zip by their paths. Throws for whatever is unsound, encrypted,
 * packed in another way, or larger than it may be.
 * @param {Uint8Array} bytes @param {number} most bytes of all files together
 */
export async function unzipped(bytes, most) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u16 = (/** @type {number} */ at) => view.getUint16(at, true);
  const u32 = (/** @type {number} */ at) => view.getUint32(at, true);
  const files = /** @type {Map<string, Uint8Array>} */ (new Map());
  let end = bytes.length - 22;
  while (u32(end) !== END) end -= 1;
  let [at, room] = [u32(end + 16), most];
  for (let left = u16(end + 10); left; left -= 1) {
    if (u32(at) !== ENTRY) throw new RangeError("no entry");
    const [method, packed, size, local] = [u16(at + 10), u32(at + 20), u32(at + 24), u32(at + 42)];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + u16(at + 28)));
    const start = local + 30 + u16(local + 26) + u16(local + 28);
    const raw = bytes.slice(start, start + packed);
    if ((room -= size) < 0) throw new RangeError("too large");
    if (method !== STORED && method !== DEFLATED) throw new RangeError("packed in another way");
    const body = method === STORED ? raw : await inflated(raw, size);
    if (crc(body) !== u32(at + 16)) throw new RangeError("damaged");
    if (!name.endsWith("/")) files.set(name, body);
    at += 46 + u16(at + 28) + u16(at + 30) + u16(at + 32);
  }
  return files;
}
