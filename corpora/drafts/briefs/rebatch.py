import json,random,re
from lib import *
import re as _re
clusters=[]
for n in range(19,33):
    txt=open(f'batches/b{n:02d}.txt').read()
    # split into clusters
    pos=0
    parts=_re.split(r'---- these passages are related.*?----\n|---- end of related ----\n',txt)
    inside=False
    # alternate: outside, inside, outside...
    for k,part in enumerate(parts):
        ids=_re.findall(r'^\[(s\d+)\]',part,_re.M)
        if not ids: continue
        if k%2==1: clusters.append(ids)
        else: clusters+= [[i] for i in ids]
allids=[i for c in clusters for i in c]
assert sorted(allids)==sorted(i for n in range(19,33) for i in json.load(open(f'batches/b{n:02d}.ids.json'))),len(allids)
def want(i):
    p=P[i]; t=p['text'].lower(); m=p['mentions']; s=0
    if p.get('hint'): s+=5
    if _re.search(r'sanction|embargo|blockade|coercive',t):
        s+=2
        if _re.search(r'lift|unilateral|coercive|blockade|illegal|unjust|suffer|inhuman|against|end |oppose|embargo',t): s+=2
    if _re.search(r'ukrain|crimea|donbas',t):
        s+=1
        if _re.search(r'sovereign|integrity|aggress|support|solidar|condemn|invasion|annex|unprovoked|stand with|help',t): s+=2
    if _re.search(r'\bnato\b|alliance|north atlantic',t): s+=2
    if _re.search(r'united states|u\.s\.|america|washington|imperial|hegemon|west',t):
        s+=1
        if _re.search(r'imperial|hegemon|aggress|threat|blame|impose|interven|interfer|double standard|violat|genocid|crime',t): s+=2
    return s
w=sorted(clusters,key=lambda c:-sum(map(want,c))/len(c))
take=[];n=0
for c in w:
    if n>=8*98: break
    take.append(c); n+=len(c)
print(n,len(take),sum(1 for c in take for i in c if P[i].get('hint')),sum(1 for c in w for i in c if P[i].get('hint')), 'lowest',sum(map(want,take[-1]))/len(take[-1]))
random.seed(7); random.shuffle(take); take.sort(key=len,reverse=True)
B=[[] for _ in range(8)];N=[0]*8;H=[0]*8
for c in take:
    h=sum(1 for i in c if P[i].get('hint'))
    k=min(range(8),key=lambda k:(H[k],N[k]) if h else (N[k],0)); B[k].append(c);N[k]+=len(c);H[k]+=h
print(N,H)
import os
os.makedirs('batches/old',exist_ok=True)
for n in range(19,33):
    for e in ('txt','ids.json'): os.rename(f'batches/b{n:02d}.{e}',f'batches/old/b{n:02d}.{e}')
for k,b in enumerate(B):
    random.shuffle(b); n=19+k
    with open(f'batches/b{n:02d}.txt','w') as f:
        for c in b:
            if len(c)>1: f.write('---- these passages are related (same document or same occurrence); they may be joined ----\n')
            for i in sorted(c,key=lambda i:(P[i]['date'],i)):
                p=P[i]
                f.write(f"[{i}] {p['date']} | {p['source']} | {p['speaker']} | {p['title']}"+(f" | HINT {p['hint']}" if p.get('hint') else '')+'\n')
                f.write(f"   before: {p['before']}\n   TEXT: {p['text']}\n   after: {p['after']}\n\n")
            if len(c)>1: f.write('---- end of related ----\n\n')
    json.dump([i for c in b for i in c],open(f'batches/b{n:02d}.ids.json','w'))
left=[i for c in w[len(take):] for i in c]; json.dump(left,open('batches/left.json','w')); print(len(left),'left')
