/**
 * Whether somebody between the page and its server wants a sign-in. Such a proxy refuses sockets without a word, and
 * answers here.
 */
export async function refused(request: typeof fetch, base: string): Promise<boolean> {
  const response = await request(`${base}_wscb/status`, { redirect: "manual", cache: "no-store" }).catch(
    () => undefined,
  );
  return response?.type === "opaqueredirect" || response?.status === 401 || response?.status === 403;
}
