// kit/tables as the page has it: what reads a table, and nothing that needs a disk.
export { readQuotedRecords } from "../../packages/kit/src/tables/quoted-records";
export { readCsvTable } from "../../packages/kit/src/tables/read-columns";
