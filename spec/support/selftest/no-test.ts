import { suite } from 'uvu';

suite('no test').run();
