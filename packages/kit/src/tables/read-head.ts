import { open } from "node:fs/promises";

const HEAD_BYTES = 4096;

/** The first 4,096 bytes of a file, as text: enough to tell what it holds. */
export async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
