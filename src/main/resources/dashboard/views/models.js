// Types, one type, one version: three depths of the same view.
import {html} from '../parts/html.js';
import {Types} from './model-list.js';
import {Type} from './model-type.js';
import {Version} from './model-version.js';

export default function Models(props) {
  const {type, version} = props.params;
  if (version) return html`<${Version} key=${`${type}/${version}`} ...${props} />`;
  if (type) return html`<${Type} key=${type} ...${props} />`;
  return html`<${Types} ...${props} />`;
}
