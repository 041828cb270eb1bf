import sys,re,os
f=sys.argv[1]; src=f.rsplit('.',2)[0]+'.txt'
want=[l.split('\t')[0] for l in open(src) if l.strip()]
got=[]
ISO=set(l.split(',')[0] for l in open('corpora/coverage/holders.csv'))
for k,l in enumerate(open(f),1):
    if not l.strip(): continue
    c=l.rstrip('\n').split('\t')
    if len(c)!=2: print(f'line {k}: not two columns'); continue
    got.append(c[0]); hs=c[1].split(' | ')
    if sum(h.endswith('*') for h in hs)!=1: print(f'line {k}: one principal holder, please')
    if len({h.rstrip("*") for h in hs})<len(hs): print(f'line {k}: a holder twice')
    for h in hs:
        h=h.rstrip('*')
        if not re.fullmatch(r'[A-Z]{3}|EU|NATO|UN|NARRATOR|OTHER:[^|*\t]+',h): print(f'line {k}: {h}')
        elif not h.startswith('OTHER:') and h not in ISO: print(f'line {k}: {h} is no known code')
miss=[i for i in want if i not in set(got)]
print(f'{len(got)} of {len(want)} sentences; missing {miss[:10]}; not in file {[i for i in got if i not in set(want)][:5]}; twice {sorted({i for i in got if got.count(i)>1})[:5]}')
