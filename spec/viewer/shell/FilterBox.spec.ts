// timeout: 120000
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserTest, endsBrowser } from '../../support/browser.js';
import { openShell } from './openShell.js';

const test = suite('FilterBox');
endsBrowser(test);

browserTest(test, 'what is wrong with a filter is told in full, and takes nothing from the field', async ({ page }) => {
  await openShell(page);
  const field = page.getByRole('searchbox', { name: 'Filter nodes' });
  const { width } = (await field.boundingBox())!;
  await field.fill('nosuchkey:1');
  const told = page.getByText('There is no filter nosuchkey:;');
  await told.waitFor();
  assert.ok(await told.evaluate((line) => line.scrollWidth <= line.clientWidth));
  assert.ok((await field.boundingBox())!.width >= width);
  await field.fill('load');
  await page.getByText('1 found').waitFor();
  assert.not(await told.isVisible());
});

test.run();
