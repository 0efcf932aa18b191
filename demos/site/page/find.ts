/** The element of the page with this id; it has to be there and of this kind. */
export const find = <E extends Element>(id: string, kind: abstract new () => E): E => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no ${kind.name} with the id "${id}".`);
  return found;
};
