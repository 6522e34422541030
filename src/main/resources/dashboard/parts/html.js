// Preact with htm: what every view is written in. No build step, so templates are tagged strings.
import {h} from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
export {render} from 'preact';
export {useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks';
