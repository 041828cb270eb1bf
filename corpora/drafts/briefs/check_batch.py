import json,sys,collections
from lib import *
n=sys.argv[1]; kind=sys.argv[2] if len(sys.argv)>2 else 'written'
ids=set(json.load(open(f'{ROOT}/batches/b{n}.ids.json')))
R=[];bad=0
for k,l in enumerate(open(f'{ROOT}/{kind}/b{n}.jsonl'),1):
    if not l.strip(): continue
    try: r=json.loads(l)
    except Exception as e: print(f'line {k}: not JSON: {e}'); bad+=1; continue
    R.append((k,r))
use=collections.Counter(); C=collections.defaultdict(collections.Counter); multi=opp=q=0; verbs=collections.Counter(); first=collections.Counter(); L=[];reg=collections.Counter()
seen={}
for k,r in R:
    def say(m):
        global bad; bad+=1; print(f'line {k}: {m}')
    t=r['t']; w=t.split(); L.append(len(w)); reg[r['r']]+=1
    if not 5<=len(w)<=60: say(f'{len(w)} words')
    for i in r['p']:
        if i not in ids: say(f'{i} is not in this batch')
        use[i]+=1
    src=' '.join(P[i]['before']+' '+P[i]['text']+' '+P[i]['after']+' '+P[i]['title'] for i in r['p'] if i in P)
    b=longest_run(t,src)
    if b[0]>7: say(f'shares {b[0]} words: {b[1]}')
    for x in quotes(t):
        if len(words(x))>7: say(f'quotation of {len(words(x))} words')
        if norm(x).strip(' .,') not in norm(src): say(f'quotation not in the passage: {x}')
    if quotes(t): q+=1
    if any(c in t for c in '“”‘\t'): say('curly quotes: use straight ones')
    if norm(t) in seen: say(f'same as line {seen[norm(t)]}')
    seen[norm(t)]=k
    if r['r'] not in 'wire headline readout live_update briefing analysis'.split(): say('register '+r['r'])
    if r['a'] not in 'indirect narrated_act quotation headline'.split(): say('attribution '+r['a'])
    if not re.fullmatch(r'[a-z0-9]+(-[a-z0-9]+)*',r['e']): say('slug '+r['e'])
    for g in r['g']:
        if g not in 'irony scare_quotes negation concession conditional alleged quotation contested_fact implicit'.split(): say('tag '+g)
    hs=r['l'].split(' | '); 
    if sum('*' in h.split(' ')[0] or re.match(r'OTHER:[^=]*\*',h) is not None for h in hs)!=1: say('exactly one principal holder: '+r['l'])
    pol=collections.defaultdict(set)
    for h in hs:
        m=re.fullmatch(r'([A-Z]{3}|EU|NATO|UN|NARRATOR|OTHER:[^=|*]+?)(\*)?((?: (?:us|nato|sanctions|ukraine)=(?:favor|against|neutral)/[ei])*)',h.strip())
        if not m: say('labels: '+h); continue
        for x in m[3].split():
            tg,v=x.split('='); v=v[:-2]; C[tg][v]+=1; pol[tg].add(v)
    if len(hs)>1: multi+=1
    if any({'favor','against'}<=v for v in pol.values()): opp+=1
    first[w[0].lower()]+=1
for i,c in use.items():
    if c>2: print(f'{i} used {c} times'); bad+=1
print(f'{len(R)} sentences, {bad} faults, {len(use)} of {len(ids)} passages, quotations in {q}, two or more holders {multi}, opposed {opp}')
print({t:dict(c) for t,c in C.items()}); print('registers',dict(reg)); 
if L: L.sort(); print('words: min',L[0],'median',L[len(L)//2],'max',L[-1],'under 20:',sum(x<20 for x in L),'over 40:',sum(x>40 for x in L)); print('openings',first.most_common(5))
low=' '.join(r['t'].lower() for _,r in R)
for v in 'said told accused condemned hailed welcomed praised urged blamed slammed rejected called argued noted'.split():
    verbs[v]=len(re.findall(r'\b'+v+r'\b',low))
print('verbs',dict(verbs))
