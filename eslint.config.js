import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["web/static/vendor/**", "web/static/api/generated/**"] },
  js.configs.recommended,
  {
    files: ["web/static/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      "complexity": ["error", 20],
      "eqeqeq": "error",
      "max-depth": ["error", 3],
      "max-lines": ["error", 300],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "Texts are text nodes." })),
      ],
      "no-restricted-syntax": ["error", { selector: "Identifier[name='dangerouslySetInnerHTML']", message: "Texts are text nodes." }],
      "no-unused-expressions": "off",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
