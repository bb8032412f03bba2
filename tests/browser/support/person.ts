/** What a person does at the page, by the names that she reads. */
import type { Locator, Page } from 'playwright';
import type { Form, Item, Value } from '../../../schemas/form.ts';

export class Person {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async opens(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).last().click();
  }

  async follows(name: string | RegExp): Promise<void> {
    await this.page.getByRole('link', { name }).first().click();
  }

  /** Types into a box of a page. */
  async types(label: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: label }).first().fill(text);
  }

  /** The entry of one item of a form, by its key. */
  entry(key: string): Locator {
    return this.page.locator(`#f-${key}`);
  }

  /** Answers items of a form by key: codes are pressed or looked for by the words that stand for them. */
  async answers(form: Form, values: { [key: string]: Value }): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      const item = form.items.find((each) => each.path === key);
      if (!item) throw new Error(`The form has no item ${key}`);
      await this.#answer(item, wordsOf(form, item, value));
    }
  }

  async #answer({ key }: Item, words: string[]): Promise<void> {
    const entry = this.entry(key);
    const choices = this.page.locator(`[data-entry][aria-labelledby="f-${key}-l"]`);
    await entry.or(choices).first().waitFor();
    if (await choices.locator('input').count()) {
      for (const word of words) await this.chooses(choices, word);
    } else if ((await entry.getAttribute('role')) === 'combobox') {
      for (const word of words) {
        await entry.fill(word);
        await this.page.getByRole('option', { name: word }).first().click();
      }
    } else {
      await entry.fill(words.join(''));
      await entry.press('Tab');
    }
  }

  /** Presses one of a group of choices. */
  async chooses(group: Locator, word: string): Promise<void> {
    await group.locator('label').filter({ has: this.page.getByText(word, { exact: true }) }).first().click();
  }

  /** What a calculated item shows. */
  async reads(key: string): Promise<string> {
    return ((await this.entry(key).textContent()) ?? '').trim();
  }
}

/** What a person reads for a value: the Chinese text of codes, yes and no, and anything else as it is typed. */
function wordsOf(form: Form, item: Item, value: Value): string[] {
  if (typeof value === 'boolean') return [value ? '是' : '否'];
  const codes = item.valueSet ? form.valueSets[item.valueSet]?.codes : undefined;
  const values: readonly Value[] = Array.isArray(value) ? (value as readonly string[]) : [value as Value];
  return values.map((each) => codes?.find(({ code }) => code === each)?.text.zh ?? String(each));
}
