import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tokenise } from "empathy-scorer/training";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { readEpitome, readEpitomeFile } from "../../apps/sources/epitome";
import { REFERENCE_SOURCES, readReferenceLevels } from "../../apps/sources/reference-levels";
import { markRationales, readDialogueTexts } from "../../apps/train/training-rows";

const HEADER = "sp_id,rp_id,seeker_post,response_post,level,rationales";

function epitomeFile(...rows: string[]): string {
  const path = join(temporaryFolder(), "ratings.csv");
  writeFileSync(path, `${[HEADER, ...rows].join("\n")}\n`);
  return path;
}

describe("readEpitomeFile", () => {
  it("reads levels and rationales", async () => {
    const [first, second] = await readEpitomeFile(
      epitomeFile(
        'a,b,"I failed, again","Oh no, I am sorry. Try again",2,"I am sorry|Oh no|"',
        "c,d,x,Why?,0,",
      ),
    );
    assert.deepEqual(first?.rationales, ["I am sorry", "Oh no"]);
    assert.deepEqual([first?.level, second?.level, second?.rationales], [2, 0, []]);
  });

  const mistakes: [string, string, RegExp][] = [
    ["a level that is none", "a,b,x,y,3,", /ratings\.csv:2: level '3' is not 0, 1 or 2/],
    ["a missing cell", "a,b,x,y,1", /:2: has 5 cells, not 6; fetch the file again/],
    ["an empty response", 'a,b,x," ",1,', /:2: the response is empty/],
    ["a quote that stays open", 'a,b,x,"y,1,', /:2: a quote is opened and never closed; fetch/],
  ];
  for (const [what, row, pattern] of mistakes) {
    it(`names the row of ${what}`, () =>
      assert.rejects(readEpitomeFile(epitomeFile(row)), pattern));
  }

  it("says which source is not on this machine", () =>
    assert.rejects(
      readEpitome("er", { mirror: undefined, cache: temporaryFolder() }),
      /source 'epitome-er' is not on this machine; run `npx empathy data fetch epitome-er`/,
    ));

  itNeeds(mirror, "reads the levels that the study counts", async () => {
    const places = { mirror: mirror.folder, cache: temporaryFolder() };
    const levels = (await readEpitome("ip", places)).map(({ level }) => level);
    assert.deepEqual(
      [0, 1, 2].map((k) => levels.filter((level) => level === k).length),
      [1626, 114, 1344],
    );
  });
});

describe("readReferenceLevels", () => {
  itNeeds(
    mirror,
    "reads 2,540 replies of each model, and the same human levels beside them",
    async () => {
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const counts = [];
      for (const id of REFERENCE_SOURCES) {
        const rows = await readReferenceLevels(id, places);
        counts.push([rows.length, rows.filter(({ humanLevels }) => humanLevels.ip === 2).length]);
      }
      assert.deepEqual(counts, [
        [2540, 381],
        [2540, 381],
        [2540, 381],
      ]);
    },
  );

  itNeeds(mirror, "gives every human reply once", async () => {
    const places = { mirror: mirror.folder, cache: temporaryFolder() };
    const texts = await readDialogueTexts("er", "open", places);
    const human = texts.filter(({ origin }) => origin === "human");
    assert.equal(
      new Set(human.map(({ group, answered, reply }) => `${group}|${answered}|${reply}`)).size,
      human.length,
    );
    assert.ok(human.length > 2200 && human.length < 2400, String(human.length));
  });
});

describe("markRationales", () => {
  const reply = tokenise("oh no, that is sad. what now?");

  it("marks the tokens of a rationale, also where its ends are cut inside words", () => {
    assert.deepEqual(
      [...(markRationales(reply, ["That is sad."]) ?? [])],
      [0, 0, 0, 1, 1, 1, 1, 0, 0, 0],
    );
    assert.deepEqual(
      [...(markRationales(reply, ["o, that is sad"]) ?? [])],
      [0, 0, 1, 1, 1, 1, 0, 0, 0, 0],
    );
  });

  it("knows nothing of a rationale that does not stand there", () => {
    assert.equal(markRationales(reply, ["something else entirely"]), undefined);
  });
});
