// duckdb.mjs FILE: what trace-stats shows of span lines, by DuckDB on one thread; the package
// @duckdb/node-api is in $SPANLINE_NODE_MODULES.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.SPANLINE_NODE_MODULES}/`);
const { DuckDBInstance } = require("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await instance.connect();
const found = await connection.runAndReadAll(`
  SELECT service, name, count(*), count(*) FILTER (status = 'error'),
         quantile_disc(duration_ms, [0.5, 0.95, 0.99]), max(duration_ms), sum(duration_ms) AS total
  FROM read_json('${process.argv[2]}', format = 'newline_delimited', columns = {
    service: 'VARCHAR', name: 'VARCHAR', status: 'VARCHAR', duration_ms: 'DOUBLE'})
  GROUP BY service, name ORDER BY total DESC LIMIT 40`);
for (const row of found.getRows()) console.log(row.join("\t"));
