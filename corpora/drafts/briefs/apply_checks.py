import json,sys,subprocess
from lib import *
n=sys.argv[1]
R=[json.loads(l) for l in open(f'{ROOT}/written/b{n}.jsonl').read().split('\n') if l.strip()] if False else None
lines=open(f'{ROOT}/written/b{n}.jsonl').read().split('\n')
fix={}
KIND='added dropped strengthened weakened misattributed unattributed unclear style error'.split()
for k,l in enumerate(open(f'{ROOT}/checked/b{n}.tsv'),1):
    if not l.strip(): continue
    c=l.rstrip('\n').split('\t')
    if len(c)!=4 or c[1] not in('fix','drop') or not c[0].isdigit(): print(f'tsv line {k}: not four columns'); continue
    if re.match(r'[a-z]+',c[3]) is None or re.match(r'[a-z]+',c[3])[0] not in KIND: print(f'tsv line {k}: reason {c[3][:20]}')
    if int(c[0]) in fix: print(f'tsv line {k}: second entry for line {c[0]}')
    fix[int(c[0])]=c
out=[]
for k,l in enumerate(lines,1):
    if not l.strip(): continue
    r=json.loads(l); r['n']=k
    if k in fix:
        if fix[k][1]=='drop': continue
        r['t']=fix[k][2].strip()
        q=bool(quotes(r['t'])); r['g']=[g for g in r['g'] if g!='quotation']+(['quotation'] if q else [])
    out.append(r)
open(f'{ROOT}/checked/b{n}.jsonl','w').write(''.join(json.dumps(r,ensure_ascii=False)+'\n' for r in out))
subprocess.run([sys.executable,f'{ROOT}/check_batch.py',n,'checked'])
