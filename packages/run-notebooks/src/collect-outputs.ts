import type { Json, MimeBundle, Output } from "./notebook-file";
import { LATE } from "./patient-sockets";

/** A message that a kernel publishes while it runs a cell (jupyter-client.readthedocs.io). */
export interface KernelMessage {
  readonly header: { readonly msg_type: string };
  readonly content: { readonly [key: string]: unknown };
}

/** Where the displays of a run stand, by their ids: a later cell may update an earlier cell's display. */
export type Displays = Map<string, { readonly outputs: Output[]; readonly at: number }[]>;

/**
 * Turns a kernel's messages into a cell's outputs, in order.
 *
 * Chunks of one stream are merged while nothing else comes between; an updated display replaces the
 * one it updates; ids and times that differ from run to run are left behind.
 */
export class OutputCollector {
  readonly outputs: Output[] = [];
  /** An error that came meanwhile, and nobody knows of which cell. */
  stray: string | undefined;
  private lateBreaks = 0;
  private isLateLineOpen = false;
  private clearBeforeNext = false;

  /** @param displays shared by the cells of one run. */
  constructor(private readonly displays: Displays = new Map()) {}

  /** How many lines the cell printed after it had ended; something that it displayed counts as one. */
  get lateLines(): number {
    return this.lateBreaks + Number(this.isLateLineOpen);
  }

  take({ header, content }: KernelMessage): void {
    if (header.msg_type === LATE) {
      const text = content.text as string;
      this.lateBreaks += text.split("\n").length - 1;
      if (text !== "") this.isLateLineOpen = !text.endsWith("\n");
      return;
    }
    if (header.msg_type === "error" && content.isStray) {
      this.stray ??= (content.traceback as string[]).join("\n");
      return;
    }
    if (header.msg_type === "clear_output") {
      if (content.wait) this.clearBeforeNext = true;
      else this.clear();
      return;
    }
    if (header.msg_type === "update_display_data") {
      this.updateDisplay(content);
      return;
    }
    const output = toOutput(header.msg_type, content);
    if (!output) return;
    if (this.clearBeforeNext) this.clear();
    this.add(output, displayId(content));
  }

  private add(output: Output, id: string | undefined): void {
    const last = this.outputs.at(-1);
    if (
      output.output_type === "stream" &&
      last?.output_type === "stream" &&
      last.name === output.name
    ) {
      this.outputs[this.outputs.length - 1] = { ...last, text: last.text + output.text };
      return;
    }
    if (id !== undefined) {
      const places = this.displays.get(id) ?? [];
      this.displays.set(id, [...places, { outputs: this.outputs, at: this.outputs.length }]);
    }
    this.outputs.push(output);
  }

  private updateDisplay(content: KernelMessage["content"]): void {
    const updated = toOutput("display_data", content);
    if (!updated) return;
    for (const { outputs, at } of this.displays.get(displayId(content) ?? "") ?? []) {
      outputs[at] = updated;
    }
  }

  private clear(): void {
    this.outputs.length = 0;
    for (const [id, places] of this.displays) {
      this.displays.set(
        id,
        places.filter(({ outputs }) => outputs !== this.outputs),
      );
    }
    this.clearBeforeNext = false;
  }
}

function displayId(content: KernelMessage["content"]): string | undefined {
  return (content.transient as { display_id?: string } | undefined)?.display_id || undefined;
}

function toOutput(type: string, content: KernelMessage["content"]): Output | undefined {
  const bundle = {
    data: (content.data ?? {}) as MimeBundle,
    metadata: (content.metadata ?? {}) as MimeBundle,
  };
  switch (type) {
    case "stream":
      return { output_type: "stream", name: content.name as string, text: content.text as string };
    case "display_data":
      return { output_type: "display_data", ...bundle };
    case "execute_result":
      return {
        output_type: "execute_result",
        ...bundle,
        execution_count: content.execution_count as number,
      };
    case "error":
      return {
        output_type: "error",
        ename: content.ename as string,
        evalue: content.evalue as string,
        traceback: content.traceback as Json & string[],
      };
    default:
      return undefined;
  }
}
