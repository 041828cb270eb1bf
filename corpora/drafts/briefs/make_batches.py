import json,random,collections
from lib import *
from sklearn.feature_extraction.text import TfidfVectorizer
import numpy as np
S=[json.loads(l) for l in open('corpora/coverage/sentences.jsonl')]
used={i for s in S for i in s['passage_ids']}
free=[p for p in P.values() if p['id'] not in used]
par={p['id']:p['id'] for p in free}
def find(x):
    while par[x]!=x: par[x]=par[par[x]]; x=par[x]
    return x
bydoc=collections.defaultdict(list); byday=collections.defaultdict(list)
for p in free:
    bydoc[p['doc_id']].append(p['id'])
    if len(p['date'])==10 and not p['source'].startswith('ungdc'): byday[p['date']].append(p['id'])
for v in bydoc.values():
    for a in v[1:]: par[find(a)]=find(v[0])
tf=TfidfVectorizer(stop_words='english',sublinear_tf=True)
ids=[p['id'] for p in free]; X=tf.fit_transform([p['title']+' '+p['text'] for p in free]); ix={i:k for k,i in enumerate(ids)}
import itertools,datetime
days=sorted(byday)
def comp(a): 
    r=find(a); return sum(1 for i in ids if find(i)==r)
n=0
for d in days:
    near=[i for e in (0,1) for i in byday.get((datetime.date.fromisoformat(d)+datetime.timedelta(e)).isoformat(),[])]
    for a in byday[d]:
        for b in near:
            if a<b and P[a]['doc_id']!=P[b]['doc_id'] and (X[ix[a]]@X[ix[b]].T).sum()>0.3 and find(a)!=find(b):
                if comp(a)+comp(b)<=24: par[find(a)]=find(b); n+=1
cl=collections.defaultdict(list)
for i in ids: cl[find(i)].append(i)
print(len(free),len(cl),n,max(map(len,cl.values())))
random.seed(20261129)
NB=32
cls=list(cl.values()); random.shuffle(cls); cls.sort(key=len,reverse=True)
B=[[] for _ in range(NB)]; H=[0]*NB
for c in cls:
    h=sum(1 for i in c if P[i].get('hint'))
    k=min(range(NB),key=lambda k:(len(B[k])+1.5*H[k] if h else len(B[k]), random.random()))
    B[k]+= [c]; H[k]+=h
# balance by count of passages
B=[[] for _ in range(NB)]; N=[0]*NB; H=[0]*NB
for c in cls:
    h=sum(1 for i in c if P[i].get('hint'))
    k=min(range(NB),key=lambda k:((H[k]/max(1,1),N[k]) if h else (N[k],0)))
    B[k].append(c); N[k]+=len(c); H[k]+=h
for k,b in enumerate(B):
    random.shuffle(b)
    with open(f'batches/b{k+1:02d}.txt','w') as f:
        for c in b:
            if len(c)>1: f.write('---- these passages are related (same document or same occurrence); they may be joined ----\n')
            for i in sorted(c,key=lambda i:(P[i]['date'],i)):
                p=P[i]
                f.write(f"[{i}] {p['date']} | {p['source']} | {p['speaker']} | {p['title']}"+(f" | HINT {p['hint']}" if p.get('hint') else '')+'\n')
                f.write(f"   before: {p['before']}\n   TEXT: {p['text']}\n   after: {p['after']}\n\n")
            if len(c)>1: f.write('---- end of related ----\n\n')
    json.dump([i for c in b for i in c],open(f'batches/b{k+1:02d}.ids.json','w'))
print(N,H)
