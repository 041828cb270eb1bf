import json,sys
from lib import *
for k,l in enumerate(open(f'{ROOT}/written/b{sys.argv[1]}.jsonl'),1):
    if not l.strip(): continue
    r=json.loads(l)
    for i in r['p']:
        p=P[i]; print(f"[{i}] {p['date']} | {p['source']} | {p['speaker']} | {p['title']}\n   before: {p['before']}\n   TEXT: {p['text']}\n   after: {p['after']}")
    print(f"LINE {k} ({r['r']}): {r['t']}\n")
