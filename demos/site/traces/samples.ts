import lanes from '../../../spec/fixtures/wfformat/lanes.json?raw';
import survey from '../../../spec/fixtures/wfformat/survey.json?raw';
import weather from '../../weather/weather.yaml?raw';
import { mosaic } from './mosaic.js';

/** A file that comes with the page. */
export interface Sample {
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

/** The files that a visitor without one may watch. */
export const samples: readonly Sample[] = [
  { file: 'mosaic.json', title: 'Mosaic: pictures of the sky', text: mosaic() },
  { file: 'survey.json', title: 'Survey: one scan in seven parts', text: survey },
  { file: 'lanes.json', title: 'Lanes: chains beside each other', text: lanes },
  { file: 'weather.yaml', title: 'Weather: a pipeline file', text: weather },
];
