for form in text json dot mermaid html csv; do
	trace-graph --to $form "$DATA/auth_expired.pb"
done
