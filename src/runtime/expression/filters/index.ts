import type { FilterName } from '../../../program/expression-vocabulary.ts';
import { CONVERSION_FILTERS } from './conversion.ts';
import type { Filter } from './filter.ts';
import { LIST_FILTERS } from './list.ts';
import { NUMBER_FILTERS } from './number.ts';
import { TEXT_FILTERS } from './text.ts';

/** Every filter by its name (LANGUAGE §3.1), for both dialects. */
export const FILTERS: Readonly<Record<FilterName, Filter>> = { ...TEXT_FILTERS, ...LIST_FILTERS, ...NUMBER_FILTERS, ...CONVERSION_FILTERS };
