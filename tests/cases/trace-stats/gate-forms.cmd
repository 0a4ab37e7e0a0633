capture=$DATA/n_plus_one_checkout.pb
gates='# what a build must not break
roots: p50 < 500ms
{ kind = client && name =~ "pg.*" } by(name) max < 1ms
no-legacy: { name = "legacy, 100% <gone>::" } p95 < 1s
warn { span.db.system.name != nil } count/trace <= 12
{ status = error } count = 0
'
printf '%s' "$gates" >gates
for form in json markdown junit github csv; do
	trace-stats --by service --measure count --assert-file gates --to $form "$capture" 2>/dev/null
	echo "exit $?"
done
# together, and what a step of a workflow has to show
printf 'before\n' >step
GITHUB_STEP_SUMMARY=step trace-stats --by service --measure count --top 1 --assert-file gates \
	--to junit:report.xml --to github "$capture" 2>/dev/null
cat step
trace-stats --to junit --assert-file gates "$capture" 2>/dev/null | cmp - report.xml
# nothing to judge
trace-stats --to junit "$capture"
trace-stats --to github "$capture"
GITHUB_STEP_SUMMARY=missing/step trace-stats --to github --assert 'count > 0' "$capture"
