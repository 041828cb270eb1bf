"""freeze.py HALF b01 b02 ...: merge checked batches, give ids, write packets for pass A"""
import json,sys,random,collections
from lib import *
half=int(sys.argv[1]); names=sys.argv[2:]
old=[json.loads(l) for l in open('corpora/coverage@0.1/sentences.jsonl')] if __import__('os').path.exists('corpora/coverage@0.1') else [json.loads(l) for l in open('corpora/coverage/sentences.jsonl')]
rows=[]
for n in names:
    written=[None]+open(f'{ROOT}/written/{n}.jsonl').read().split('\n')
    fixes={int(l.split('\t')[0]):l.rstrip('\n').split('\t') for l in open(f'{ROOT}/checked/{n}.tsv') if l.strip()} if __import__('os').path.exists(f'{ROOT}/checked/{n}.tsv') else {}
    for l in open(f'{ROOT}/checked/{n}.jsonl'):
        r=json.loads(l); r['b']=n; r['w']=json.loads(written[r['n']])['t']; r['why']=fixes[r['n']][3] if r['n'] in fixes else ''
        rows.append(r)
prior=[json.loads(l) for h in range(1,half) for l in open(f'{ROOT}/frozen{h}.jsonl')]
from sklearn.feature_extraction.text import TfidfVectorizer
import numpy as np
texts=[s['text'] for s in old]+[r['t'] for r in prior]+[r['t'] for r in rows]
base=len(old)+len(prior)
X=TfidfVectorizer(analyzer='char_wb',ngram_range=(3,5),lowercase=True).fit_transform(texts)
S=(X[base:]@X.T).tocoo()
drop=set()
for i,j,v in zip(S.row,S.col,S.data):
    if v>=0.72 and j<base+i and i not in drop and (j<base or j-base not in drop):
        print(f'{v:.2f}\n  {texts[j]}\n  {texts[base+i]}')
        if v>=0.78: drop.add(i)
# no run of more than nine words shared with another sentence (names aside)
grams=collections.defaultdict(set)
for k,t in enumerate(texts):
    w=[x.lower() for x in words(t)]
    for a in range(len(w)-9): grams[' '.join(w[a:a+10])].add(k)
for g,ks in grams.items():
    if len(ks)>1 and max(ks)>=base: 
        print('shared ten:',g,[texts[k] for k in ks][:2])
        m=max(ks)-base
        drop.add(m)
print('dropped',len(drop))
rows=[r for i,r in enumerate(rows) if i not in drop]
random.seed(100+half); random.shuffle(rows)
start=384+len(prior)
for k,r in enumerate(rows): r['id']=f'cov-{start+k:04d}'
open(f'{ROOT}/frozen{half}.jsonl','w').write(''.join(json.dumps(r,ensure_ascii=False)+'\n' for r in rows))
size=int(__import__('os').environ.get('SIZE','120'))
n=max(1,round(len(rows)/size)); 
for p in range(n):
    part=rows[p*len(rows)//n:(p+1)*len(rows)//n]
    open(f'{ROOT}/passA/h{half}p{p+1:02d}.txt','w').write(''.join(f"{r['id']}\t{r['t']}\n" for r in part))
print(len(rows),'sentences',n,'packets')
