/** Starts the page: tokens, the preferences of whoever was here last, then the application. */
import './app.ts';
import { page } from './elements/shell/page.ts';
import { applyPreferences, readPreferences } from './preferences.ts';
import { base } from './styles/base.ts';
import { adoptTokens } from './styles/tokens.ts';

adoptTokens();
applyPreferences(readPreferences());
const sheets = [base, page].flatMap(({ styleSheet }) => styleSheet ?? []);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
