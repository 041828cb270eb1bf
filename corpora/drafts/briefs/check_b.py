import sys,re,collections
f=sys.argv[1]; src=f.rsplit('.',2)[0]+'.txt'
want=[(l.split('\t')[0],l.split('\t')[1].rstrip('*')) for l in open(src) if l.strip()]
got=collections.Counter(); C=collections.defaultdict(collections.Counter)
for k,l in enumerate(open(f),1):
    if not l.strip(): continue
    c=l.rstrip('\n').split('\t')
    if len(c)==3: c.append('')
    if len(c)!=4: print(f'line {k}: not four columns'); continue
    got[(c[0],c[1])]+=1
    if (c[0],c[1]) not in want: print(f'line {k}: {c[0]} {c[1]} is not in the file')
    seen=set()
    if c[2]!='-':
        for x in c[2].split(' '):
            m=re.fullmatch(r'(us|nato|sanctions|ukraine)=(favor|against|neutral)/([ei])(?:/([A-Za-z ,]+>[A-Za-z ,]+))?',x)
            if not m: print(f'line {k}: {x}'); continue
            if m[1] in seen: print(f'line {k}: {m[1]} twice')
            seen.add(m[1]); C[m[1]][m[2]]+=1
            if m[4] and m[1]!='sanctions': print(f'line {k}: a regime goes with sanctions only')
    for g in c[3].split(','):
        if g and g not in 'irony negation quotation concession conditional alleged west'.split(): print(f'line {k}: tag {g}')
print(f'{sum(got.values())} of {len(want)} lines; missing {[w for w in want if w not in got][:8]}; twice {[w for w,n in got.items() if n>1][:5]}')
print({t:dict(c) for t,c in C.items()})
