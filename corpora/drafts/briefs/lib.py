import json,re,collections
ROOT='drafts'
P={}
for l in open('shared/statements/passages.jsonl'):
    p=json.loads(l); P[p['id']]=p
W=re.compile(r"[A-Za-z0-9'’\-]+")
def words(t): return W.findall(t.replace('’',"'"))
def quotes(t): return re.findall(r'[“"]([^”"]+)[”"]',t)
def norm(t):
    t=t.replace('’',"'").replace('‘',"'").replace('“','"').replace('”','"')
    return re.sub(r'\s+',' ',t).lower()
def longest_run(sent,src):
    """longest run of words shared, counting only words that are not capitalised in the sentence"""
    a=words(sent); b=[w.lower() for w in words(src)]
    pos=collections.defaultdict(list)
    for j,w in enumerate(b): pos[w].append(j)
    best=(0,'')
    for i in range(len(a)):
        for j in pos.get(a[i].lower(),()):
            if i and j and a[i-1].lower()==b[j-1]: continue
            k=0
            while i+k<len(a) and j+k<len(b) and a[i+k].lower()==b[j+k]: k+=1
            n=sum(1 for w in a[i:i+k] if not w[0].isupper())
            if n>best[0]: best=(n,' '.join(a[i:i+k]))
    return best
