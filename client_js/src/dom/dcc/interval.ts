/** `Interval`: a clock in the page. */
import type { Emit, Mounted } from "../adapters/adapter";
import type { Props } from "../props";

export function mount(el: HTMLElement, _type: string, _props: Props, emit: Emit): Mounted {
  const props: Props = {};
  let timer: ReturnType<typeof setInterval> | undefined;
  el.hidden = true;
  const count = () => Number(props.n_intervals ?? 0);
  const over = () => {
    const most = Number(props.max_intervals ?? -1);
    return props.disabled || (most !== -1 && count() >= most);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const tick = () => {
    props.n_intervals = count() + 1;
    if (over()) stop();
    emit({ n_intervals: props.n_intervals });
  };
  return {
    set(changed) {
      Object.assign(props, changed);
      // Its own count, which comes back, does not start it anew.
      if (Object.keys(changed).some((name) => name !== "n_intervals") || over()) stop();
      if (!over()) timer ??= setInterval(tick, Number(props.interval ?? 1000));
    },
    destroy: stop,
  };
}
