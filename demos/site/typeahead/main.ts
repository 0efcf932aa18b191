import { Subject, fromEvent, map, merge } from 'rxjs';
import { define } from '../../../lib/viewer/index.js';
import { Ledger } from '../../typeahead/ledger.js';
import { typing, typist } from '../../typeahead/typeahead.js';
import { element } from '../page/element.js';
import { find } from '../page/find.js';
import { offerThemes } from '../page/theme.js';
import { fetchMovies } from './fetchMovies.js';
import { SearchCard } from './SearchCard.js';
import { SlowTime } from './SlowTime.js';
import { searchAsYouType, type Found } from './searchAsYouType.js';

const CARDS_MAX = 12;

/** How long a search looks things up when nothing slows it down. */
const LOOK_UP_MS = 100;

offerThemes();
define();
const field = find('q', HTMLInputElement);
const list = find('searches', HTMLElement);
const typeForMe = find('type', HTMLButtonElement);
const takes = find('takes', HTMLInputElement);

/** Searches in a page are fast; slowed down, they are cancelled by whoever types as people do. */
const time = new SlowTime();
const showTime = (): void => {
  time.factor = takes.valueAsNumber / LOOK_UP_MS;
  find('takes-value', HTMLOutputElement).value = `${takes.value} ms`;
};

const ledger = new Ledger(() => showTally());
const showTally = (): void => {
  const searches = [...ledger.searches.values()];
  const count = (outcome: string): string => String(searches.filter((search) => search.outcome === outcome).length);
  find('total', HTMLElement).textContent = String(searches.length);
  find('cancelled', HTMLElement).textContent = count('cancelled');
  find('finished', HTMLElement).textContent = count('finished');
  find('late', HTMLElement).textContent = String(searches.reduce((sum, { lateSteps }) => sum + lateSteps, 0));
};

const showHits = ({ q, hits }: Found): void => {
  const isEmpty = q.trim() === '';
  find('found', HTMLElement).textContent = isEmpty ? '' : hits.length === 0 ? `nothing for “${q}”` : `“${q}”`;
  find('hits', HTMLOListElement).replaceChildren(
    ...hits.map(({ title, director, by }) =>
      element(
        'li',
        {},
        element('strong', {}, title),
        element('span', {}, director || 'director unknown'),
        element('small', {}, `by ${by}`),
      ),
    ),
  );
};

const cards: SearchCard[] = [];
const typed$ = new Subject<string>();
const query$ = merge(fromEvent(field, 'input').pipe(map(() => field.value)), typed$);

const movies = await fetchMovies();
find('movies', HTMLElement).textContent = movies.length.toLocaleString('en');
searchAsYouType(query$, movies, ledger, time, (search) => {
  const card = new SearchCard(search);
  list.prepend(card.element);
  cards.unshift(card);
  cards.splice(CARDS_MAX).forEach((old) => old.close());
}).subscribe(showHits);
takes.addEventListener('input', showTime);
showTime();
field.disabled = typeForMe.disabled = false;
field.focus();

typeForMe.addEventListener('click', () => {
  typeForMe.disabled = true;
  typist(typing, time).subscribe({
    next: (text) => {
      field.value = text;
      typed$.next(text);
    },
    complete: () => {
      typeForMe.disabled = false;
    },
  });
});
