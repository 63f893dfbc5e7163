import globals from "globals";
import js from "@eslint/js";

export default [
    {
        ...js.configs.recommended,
        files: ["static/src/**/*.js", "static/tests/**/*.js"],
    },
    {
        files: ["static/src/**/*.js", "static/tests/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
            sourceType: "module",
        },
        rules: {
            eqeqeq: ["error", "smart"],
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];
