// @ts-expect-error there is no such package
import 'a-package-that-is-not-there';
export default (): number => 1;
