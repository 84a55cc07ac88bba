// How messages travel between a kernel and its client: jupyter-client.readthedocs.io, "Messaging in
// Jupyter", the wire protocol: routing frames, a delimiter, a signature, four JSON parts.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { KernelMessage } from "./collect-outputs";

const DELIMITER = "<IDS|MSG>";

/** Signs and packs requests, and unpacks and verifies what comes back, with one connection's key. */
export class WireFormat {
  private readonly session = randomUUID();

  constructor(private readonly key: string) {}

  /** Packs a request. */
  encode(id: string, type: string, content: unknown): string[] {
    const header = {
      msg_id: id,
      session: this.session,
      username: "empathy",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return [DELIMITER, this.sign(parts), ...parts];
  }

  /**
   * Unpacks a message.
   *
   * @returns the message, and the identifier of the request that it answers.
   * @throws Error if the signature does not hold.
   */
  decode(frames: readonly Buffer[]): { parent: string; message: KernelMessage } {
    const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
    const [signature, ...parts] = frames.slice(start + 1) as [Buffer, ...Buffer[]];
    const wanted = Buffer.from(this.sign(parts.slice(0, 4)));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) {
      throw new Error("a message does not carry the kernel's signature");
    }
    const [header, parent, , content] = parts.map((part) => JSON.parse(part.toString()));
    return { parent: parent.msg_id, message: { header, content } };
  }

  private sign(parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}
