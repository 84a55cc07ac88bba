// RO-Crate 1.1 (w3id.org/ro/crate/1.1): what lies in a folder, of what kind, under which licence.

/** Addresses of licences, by name. */
export const LICENCES = {
  MIT: "https://spdx.org/licenses/MIT",
  "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
} as const;

/** A licence of what is described. */
export type Licence = keyof typeof LICENCES;

/** The study that the package reproduces. */
export const PAPER = "https://arxiv.org/abs/2310.08017";

/** A node of the crate's graph. */
type CrateEntity = Readonly<Record<string, unknown>>;

/** A file of a crate. */
interface CrateFile {
  readonly path: string;
  readonly description: string;
  /** Media type. */
  readonly format: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly licence: Licence;
}

/**
 * Forms the crate of a folder.
 *
 * @param root what is said of the whole: name, description, licence, date and the like.
 * @param beside what others refer to: people, papers.
 * @param parts folders and files.
 */
export function formCrate(
  root: CrateEntity,
  beside: readonly CrateEntity[],
  parts: readonly CrateEntity[],
): CrateEntity {
  return {
    "@context": "https://w3id.org/ro/crate/1.1/context",
    "@graph": [
      {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
        about: { "@id": "./" },
      },
      {
        "@id": "./",
        "@type": "Dataset",
        ...root,
        hasPart: parts.map((part) => ({ "@id": part["@id"] })),
      },
      ...beside,
      { "@id": PAPER, "@type": "ScholarlyArticle", name: "The study that is reproduced" },
      ...Object.entries(LICENCES).map(([name, id]) => ({
        "@id": id,
        "@type": "CreativeWork",
        name,
      })),
      ...parts,
    ],
  };
}

/** Describes a file as a part of a crate. */
export function formFile({
  path,
  description,
  format,
  bytes,
  sha256,
  licence,
}: CrateFile): CrateEntity {
  return {
    "@id": path,
    "@type": "File",
    name: path.replace(/^data\//, ""),
    description,
    encodingFormat: format,
    contentSize: String(bytes),
    sha256,
    license: { "@id": LICENCES[licence] },
  };
}
