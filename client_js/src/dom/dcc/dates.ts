/** `DatePickerSingle` and `DatePickerRange`: the browser's own date fields. */
import type { Emit, Mounted } from "../adapters/adapter";
import { h } from "../h";
import type { Props } from "../props";
import { around, outer } from "./outer";

const DAY = 86_400_000;
/** Browsers tell a year while it is being typed: 0002, 0020, 0202, 2026. */
const TYPED = /^0/;

const plus = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
/** A day as a field has it; a callback may have set it with a time. */
const text = (value: unknown) => String(value ?? "").slice(0, 10);

/** A field, and what it says when its day is one that is not taken. */
function dayField(label = ""): HTMLInputElement {
  return Object.assign(h("input", "wscb-day"), { type: "date", ...(label && { ariaLabel: label }) });
}

/** The day in the field, null for none, undefined for one that is not taken. */
function read(field: HTMLInputElement, props: Props): string | null | undefined {
  const off = ((props.disabled_days ?? []) as string[]).includes(field.value);
  field.setCustomValidity(off ? "This day cannot be chosen." : "");
  if (!field.validity.valid) {
    field.reportValidity();
    return undefined;
  }
  return TYPED.test(field.value) ? undefined : field.value || null;
}

function put(field: HTMLInputElement, value: unknown): void {
  if (field.value !== text(value)) field.value = text(value);
  field.setCustomValidity("");
}

function clearer(el: HTMLElement, clear: () => void): HTMLButtonElement {
  const button = h("button", "wscb-clear", "×");
  button.type = "button";
  button.ariaLabel = "Clear";
  button.addEventListener("click", () => {
    clear();
    el.querySelector("input")?.focus();
  });
  return button;
}

export const mount = (el: HTMLElement, type: string, _props: Props, emit: Emit): Mounted =>
  type === "DatePickerRange" ? range(el, emit) : single(el, emit);

function single(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  const field = dayField();
  const tell = (date: string | null) => {
    props.date = date;
    put(field, date);
    show();
    emit({ date });
  };
  const clear = clearer(el, () => tell(null));
  const show = () => {
    clear.hidden = !props.clearable || !!props.disabled || !props.date;
  };
  field.addEventListener("change", () => {
    const date = read(field, props);
    if (date !== undefined && date !== (props.date ?? null)) tell(date);
  });
  el.append(field, clear);
  return {
    set(changed) {
      around(el, field, changed, props, "wscb-date");
      Object.assign(props, changed);
      field.min = text(props.min_date_allowed);
      field.max = text(props.max_date_allowed);
      field.disabled = !!props.disabled;
      if ("date" in changed) put(field, props.date);
      show();
    },
  };
}

function range(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  const first = dayField("Start date");
  const last = dayField("End date");
  const nights = () => Number(props.minimum_nights ?? 0);
  const clear = clearer(el, () => take({ start_date: null, end_date: null }, true));
  el.role = "group";
  el.append(first, h("span", "wscb-to", "–"), last, clear);

  function show(): void {
    const [low, high] = [text(props.min_date_allowed), text(props.max_date_allowed)];
    first.min = low;
    first.max = high && plus(high, -nights());
    last.min = props.start_date ? plus(text(props.start_date), nights()) : low;
    last.max = high;
    for (const field of [first, last]) field.disabled = !!props.disabled;
    clear.hidden = !props.clearable || !!props.disabled || !(props.start_date || props.end_date);
  }
  function take(days: Props, at_once = props.updatemode !== "bothdates"): void {
    Object.assign(props, days);
    put(first, props.start_date);
    put(last, props.end_date);
    show();
    const { start_date, end_date } = props;
    if (at_once) emit(days);
    else if (start_date && end_date) emit({ start_date, end_date });
  }
  first.addEventListener("change", () => {
    const start_date = read(first, props);
    if (start_date === undefined || start_date === (props.start_date ?? null)) return;
    const short = start_date && props.end_date && text(props.end_date) < plus(start_date, nights());
    take({ start_date, ...(short ? { end_date: null } : {}) });
  });
  last.addEventListener("change", () => {
    const end_date = read(last, props);
    if (end_date !== undefined && end_date !== (props.end_date ?? null)) take({ end_date });
  });

  return {
    set(changed) {
      outer(el, changed, props, "wscb-date");
      Object.assign(props, changed);
      if (props.start_date_id) first.id = String(props.start_date_id);
      if (props.end_date_id) last.id = String(props.end_date_id);
      if ("start_date" in changed) put(first, props.start_date);
      if ("end_date" in changed) put(last, props.end_date);
      show();
    },
  };
}
