"""Verify an exported history offline: python3 -I verify_trail.py trail.json [an anchor that was kept]"""

import hashlib, json, pathlib, sys


def faults(chain, end=0, end_hash=""):
    last, last_hash = 0, "0" * 64
    erasures = [event for event in chain["events"] if event["row"]["event"] == "values erased"]
    for event in chain["events"]:
        n, row, salts = event["row"]["sequence"], event["row"], event["salts"]
        yield n != last + 1 or salts["row"] != last_hash, f"row {last + 1} is missing or stands in another place"
        for what, told in ("names", row["actor_hash"]), ("values", row["values_hash"]), ("row", event["hash"]):
            text = json.dumps(event[what], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            later = [each["values"]["after"] or {} for each in erasures if each["row"]["sequence"] > n]
            is_erased = not any(event[what].values()) and any(n in after.get(what, ()) for after in later)
            is_true = hashlib.sha256((salts[what] + text).encode()).hexdigest() == told
            yield not (is_true or is_erased), f"row {n} is altered ({what})"
        yield n == end and event["hash"] != end_hash, f"row {n}, or one before it, was rewritten after the anchor"
        last, last_hash = n, event["hash"]
    yield last < max(end, chain["sequence"]) or last_hash != chain["hash"], f"the trail ends too early, at row {last}"


trail, *kept = (json.loads(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
ends = {(kind, key): (n, found) for each in kept for kind, key, n, found in each["heads"]}
for chain in trail["chains"]:
    subject = chain["subject_type"], chain["subject_id"]
    for is_bad, why in faults(chain, *ends.get(subject, ())):
        _ = is_bad and sys.exit(f"{' '.join(subject)}: {why}")
print("the trail holds")
