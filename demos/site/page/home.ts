import { offerThemes } from './theme.js';

offerThemes();
