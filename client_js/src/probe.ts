/**
 * Whether somebody between the page and its server wants a sign-in. Such a proxy refuses sockets without a word, and
 * answers here.
 *
 * An app that is being worked on, and is declared wrongly now, says so by 500 with its build: it has another page, which
 * shows the mistake.
 */
export async function refused(request: typeof fetch, base: string): Promise<boolean> {
  const response = await request(`${base}_wscb/status`, { redirect: "manual", cache: "no-store" }).catch(
    () => undefined,
  );
  if (response?.status === 500) {
    const said = await response.json().catch(() => undefined);
    if (said?.build) location.reload();
  }
  return response?.type === "opaqueredirect" || response?.status === 401 || response?.status === 403;
}
