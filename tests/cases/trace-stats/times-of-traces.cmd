trace-stats --measure traces,calls,calls_max,concurrency,self.p95,critical.max,critical.share "$DATA/n_plus_one_checkout.pb"
trace-stats --root --measure count,self.mean,critical.mean,critical.share --to csv "$DATA/auth_expired.pb"
trace-stats --where 'service = "auth"' --by '' --measure self.min,self.stdev,critical.share --to ndjson --sort critical.share "$DATA/auth_expired.pb"
for measure in self.count critical.rate share self. self.traces; do trace-stats --measure $measure </dev/null; done
trace-stats --save a.stats "$DATA/auth_expired.pb" >/dev/null
trace-stats --measure self.p95 a.stats
