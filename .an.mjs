import { build } from 'esbuild'; import { gzipSync } from 'node:zlib';
const r = await build({ entryPoints:['dist/viewer/app/main.js'], bundle:true, minify:true, format:'esm', target:'es2022', conditions:['es2015'], write:false, metafile:true, legalComments:'none', outdir:'/tmp/x'});
const o=Object.values(r.metafile.outputs)[0]; const g=new Map(); for (const [f,{bytesInOutput}] of Object.entries(o.inputs)) { const k=f.startsWith('node_modules')? f.split('/').slice(0,2).join('/') : f.split('/').slice(0,3).join('/').replace(/\/[^/]*\.js$/,''); g.set(k,(g.get(k)??0)+bytesInOutput); }
for (const [k,v] of [...g].sort((a,b)=>b[1]-a[1])) console.log(String(v).padStart(7),k); console.log('total',o.bytes, gzipSync(r.outputFiles[0].text,{level:9}).length);
