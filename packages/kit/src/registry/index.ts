export {
  checkRegistry,
  type RegistryPlace,
  readCheckedFile,
  readRegistry,
} from "./checked-json";
