import { chromium } from 'playwright-core';
import { spawn } from 'node:child_process';
const [,, n='30', w='1280', h='800', theme='light', out='/tmp/p6/shots/a.png'] = process.argv;
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('/tmp/p6/shots',{recursive:true}); mkdirSync('/tmp/p6/work',{recursive:true});
const { shapes } = await import('/work/main/spec/bench/graphs.mjs');
const nodes = shapes.layered(+n).map(({id,deps},i)=>({id:'step-'+id,action: i%7===3?'flaky':i%11===5?'fails':'work',dependencies:deps.map(d=>'step-'+d), ...(i%7===3?{try_count:3}:{}), on_failure: 'continue'}));
writeFileSync('/tmp/p6/work/p.yaml', JSON.stringify({name:'etl',nodes}));
writeFileSync('/tmp/p6/work/a.mjs', `const s=(ms,signal)=>new Promise(r=>setTimeout(r,ms)); export const work=async({signal})=>{await s(100+Math.random()*200);return {rows:3}}; export const flaky=async({attempt})=>{await s(80); if(attempt<2) throw new Error('not yet'); return attempt}; export const fails=async()=>{await s(60); throw new Error('no such table')};`);
const p = spawn(process.execPath,['/work/main/dist/cli/main.js','run','/tmp/p6/work/p.yaml','--actions','/tmp/p6/work/a.mjs','--viewer','--parallel','8','--db','/tmp/p6/work/r.db','--quiet'],{stdio:['ignore','pipe','pipe']});
let text=''; p.stderr.on('data',d=>text+=d); p.stdout.on('data',d=>text+=d);
while(!/http:\/\/\S+/.test(text)) await new Promise(r=>setTimeout(r,50));
const url=/http:\/\/\S+/.exec(text)[0]; console.log(text);
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-dev-shm-usage','--disable-gpu']});
try { const page=await b.newPage({viewport:{width:+w,height:+h},colorScheme:theme==='dark'?'dark':'light'}); page.on('console',m=>console.log('console',m.type(),m.text())); page.on('pageerror',e=>console.log('pageerror',e.message));
await page.goto(url); await page.waitForTimeout(3000); await page.screenshot({path:out}); await page.waitForTimeout(+(process.env.WAIT??0)); if(process.env.WAIT) await page.screenshot({path:out.replace('.png','-2.png')}); console.log(await page.title()); } finally { await b.close(); p.kill('SIGINT'); }
p.on('exit',c=>console.log('exit',c));
