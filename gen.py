import pathlib
L=[l for l in pathlib.Path("/tmp/gl/terms.txt").read_text().split("\n") if l.strip()]
out=[]
q=lambda s:'"'+s.replace('\\','\\\\').replace('"','\\"')+'"'
for i in range(0,len(L),3):
    key,ja,rd,en,st,al=[x.strip() for x in L[i].split("|")]
    lst=lambda s:"["+", ".join(q(x.strip()) for x in s.split(";") if x.strip())+"]"
    out.append((rd,f'[[terms]]\nkey = {q(key)}\nja = {q(ja)}\nreading = {q(rd)}\nen = {q(en)}\ndefinition_ja = {q(L[i+1])}\ndefinition_en = {q(L[i+2])}\nstatutes = {lst(st)}\nalso = {lst(al)}\n'))
out.sort()
head="# Terms of the guidelines, in the order of their readings. Definitions are in our own words; `also` holds other\n# spellings and near names by which people look for the term.\n\n"
pathlib.Path("/work/main/guidelines/content/glossary.toml").write_text(head+"\n".join(b for _,b in out))
