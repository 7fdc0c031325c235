/** `dash_clientside.Patch`: operations on a prop as functions of the page make them, under Dash's names. */
import type { Operation, Path } from "./types";

export class Patch {
  readonly operations: Operation[] = [];

  assign = (path: Path, value: unknown) => this.#do("assign", path, value);
  merge = (path: Path, value: unknown) => this.#do("merge", path, value);
  append = (path: Path, value: unknown) => this.#do("append", path, value);
  prepend = (path: Path, value: unknown) => this.#do("prepend", path, value);
  insert = (path: Path, index: number, value: unknown) => this.#do("insert", path, [index, value]);
  extend = (path: Path, values: unknown) => this.#do("extend", path, values);
  remove = (path: Path, value: unknown) => this.#do("remove", path, value);
  delete = (path: Path) => this.#do("delete", path);
  clear = (path: Path = []) => this.#do("clear", path);
  reverse = (path: Path = []) => this.#do("reverse", path);
  add = (path: Path, value: unknown) => this.#do("add", path, value);
  sub = (path: Path, value: unknown) => this.#do("sub", path, value);
  mul = (path: Path, value: unknown) => this.#do("mul", path, value);
  div = (path: Path, value: unknown) => this.#do("truediv", path, value);

  /** What a function returns, or gives to `set_props`. */
  build(): this {
    return this;
  }

  #do(name: string, path: Path, ...value: [] | [unknown]): this {
    this.operations.push([name, path, ...value]);
    return this;
  }
}
