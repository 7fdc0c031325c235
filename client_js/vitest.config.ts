import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
    // Files about the DOM say `// @vitest-environment happy-dom` at their top.
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
