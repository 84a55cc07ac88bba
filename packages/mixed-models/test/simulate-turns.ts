import { createGenerator } from "kit";

/** Turns within conversations, answered by three systems; some turns are answered once, some more often. */
export function simulateTurns(conversations: number) {
  const random = createGenerator(15);
  const columns = { y: [], o: [], system: [], conversation: [], turn: [], x: [] } as Record<
    "y" | "o" | "system" | "conversation" | "turn" | "x",
    unknown[]
  >;
  for (let conversation = 0; conversation < conversations; conversation++) {
    const own = random.normal();
    for (let turn = 0; turn < 1 + (conversation % 3); turn++) {
      const both = own + 0.7 * random.normal();
      for (const system of ["a", "b", "c"].slice(0, 1 + ((conversation + turn) % 3))) {
        const eta = both + (system === "a" ? -0.4 : 0.5);
        const success = random.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
        columns.y.push(success);
        columns.o.push(success + (eta > 0.8 ? 1 : 0));
        columns.system.push(system);
        columns.conversation.push(`c${conversation}`);
        columns.turn.push(`c${conversation} ${turn}`);
        columns.x.push(turn - 1);
      }
    }
  }
  return columns;
}
