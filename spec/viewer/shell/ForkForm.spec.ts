// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell } from './openShell.js';

const test = suite('ForkForm');
endsBrowser(test);

browserTest(test, 'a run that has ended runs again what failed, and never nothing', async ({ page }) => {
  await openShell(page);
  await page.getByRole('button', { name: 'Re-run' }).click();
  const form = page.getByRole('dialog', { name: 'Run again' });
  const submit = form.getByRole('button', { name: 'Run from here' });
  const chips = form.getByRole('listitem');
  assert.equal(await chips.allInnerTexts(), ['charge']);
  assert.not(await submit.isDisabled());
  for (let left = await chips.count(); left > 0; left--) await chips.first().getByRole('button').click();
  assert.ok(await submit.isDisabled());
  await form.getByText('nothing would run').waitFor();
  await form.getByLabel('From event').fill('12');
  assert.not(await submit.isDisabled());
  assert.is(await form.getByText('nothing would run').count(), 0);
});

test.run();
