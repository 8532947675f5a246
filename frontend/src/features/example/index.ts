export { useExample } from './api/get-example';
export { ExamplePicture } from './components/example-picture';
