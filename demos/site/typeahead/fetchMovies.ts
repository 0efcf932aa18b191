import { readMovies, type Movie } from '../../typeahead/movies.js';
import { handOver } from './fetchedFile.js';

const url = new URL('../../../node_modules/vega-datasets/data/movies.json', import.meta.url);

/** The movies of vega-datasets, which lie beside the page. */
export const fetchMovies = async (): Promise<readonly Movie[]> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The movies can't be fetched: ${response.status} ${response.statusText}`);
  handOver(await response.text());
  return readMovies();
};
