import { mount } from 'svelte';
import App from './App.svelte';
import { language, setLanguage } from './lib/i18n/language.svelte';
import { startRouter } from './lib/router/router.svelte';
import './styles/tokens.css';
import './styles/base.css';

setLanguage(language());
startRouter();
mount(App, { target: document.body });
