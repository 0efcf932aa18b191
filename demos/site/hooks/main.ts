import { DagExecutor } from '../../../lib/index.js';
import { define, fromRun } from '../../../lib/viewer/index.js';
import { find } from '../page/find.js';
import { RunStage } from '../page/RunStage.js';
import { offerThemes } from '../page/theme.js';
import { actions } from './actions.js';
import { BenchTime } from './BenchTime.js';
import { Sabotage } from './Sabotage.js';
import { YourHook } from './YourHook.js';
import { offerBuilding } from './offerBuilding.js';
import { offerDamage } from './offerDamage.js';
import { offerEditor } from './offerEditor.js';
import { offerRunning } from './offerRunning.js';
import { offerSupervisors } from './offerSupervisors.js';
import { sample } from './sample.js';
import { supervisors } from './supervisors.js';
import { Workbench } from './Workbench.js';

offerThemes();
define();

const sabotage = new Sabotage();
const supervisor = supervisors();
const yours = new YourHook();
const time = new BenchTime();
const executor = new DagExecutor({
  registry: actions(sabotage),
  scheduler: time,
  config: { graceMs: 1_000, commandBudget: 300 },
});
const hooks = [...supervisor.map(({ hook }) => hook), yours.hook, sabotage.hook];
const bench = new Workbench(executor, time, hooks, sample);

const stage = new RunStage(find('stage', HTMLElement), 'dag-viewer');
bench.run$.subscribe((run) => stage.show(fromRun(run, { now: time.now })));

offerRunning(bench);
offerBuilding(bench, () => stage.view);
offerSupervisors(supervisor);
offerEditor(yours, bench.run$);
offerDamage(sabotage, bench.run$);
