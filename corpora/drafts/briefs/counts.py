import json,glob,collections,sys
kind=sys.argv[1] if len(sys.argv)>1 else 'written'
C=collections.defaultdict(collections.Counter);n=0;multi=opp=0;pas=set()
for f in sorted(glob.glob(f'drafts/{kind}/*.jsonl')):
    for l in open(f):
        if not l.strip(): continue
        r=json.loads(l);n+=1;pas|=set(r['p']);pol=collections.defaultdict(set)
        hs=r['l'].split(' | ');multi+=len(hs)>1
        for h in hs:
            for x in h.split():
                if '=' in x and '/' in x:
                    t,v=x.split('=')[0],x.split('=')[1].split('/')[0]; C[t][v]+=1; pol[t].add(v)
        opp+=any({'favor','against'}<=v for v in pol.values())
base={'us':(49,74,97),'nato':(40,33,37),'sanctions':(78,59,15),'ukraine':(72,62,78)}
need={'us':(250,380,400),'nato':(280,250,220),'sanctions':(360,400,200),'ukraine':(400,200,400)}
print(n,'sentences',len(pas),'passages; multi',multi,'+113 of 500; opposed',opp,'+33 of 200')
for t in need: print(t,[(C[t][l]+base[t][i],need[t][i]) for i,l in enumerate(('favor','against','neutral'))])
